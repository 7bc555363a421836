"""Question 3: the topological sort.

Graphs are of operations that are given. What is handed over is the names of the nodes,
in the order in which they were found.
"""

from gradebox import Trial, case, exact

from ._graphs import Graph, autograd, random_graph


def answer_order(t: Trial, name: str, graph: Graph, *outputs: str) -> None:
    """Hand over the order of what is below some nodes of a graph."""
    found = autograd.find_topo_sort([graph[output] for output in outputs])
    listed = isinstance(found, list | tuple)  # a set has an order by chance
    t.answer(name, graph.names(found) if listed else found, check=exact())


@case("hw1.topo_sort", points=1)
def topo_sort_leaf(t: Trial) -> None:
    """A leaf is all that is below itself."""
    graph = Graph(t)
    graph.leaf("a", 2)
    answer_order(t, "order", graph, "a")


@case("hw1.topo_sort", points=2)
def topo_sort_chain(t: Trial) -> None:
    """One node after the other, from the leaf up."""
    graph = Graph(t)
    graph.leaf("a", 3)
    for number in range(int(t.rng.randint(4, 9))):
        step = graph.scaled if number % 2 else graph.shifted
        step(list(graph.nodes)[-1], f"step {number}")
    answer_order(t, "order", graph, list(graph.nodes)[-1])


@case("hw1.topo_sort", points=3)
def topo_sort_tree(t: Trial) -> None:
    """The first input with all that is below it comes before the second one."""
    graph = Graph(t)
    for name in "dcba":  # the order in which nodes are made is not what counts
        graph.leaf(name, 2, 2)
    graph.multiply("c", "d")
    graph.add("a", "b")
    graph.add("(a + b)", "(c * d)", "sum")
    answer_order(t, "order", graph, "sum")
    graph.multiply("(c * d)", "(a + b)", "product")
    answer_order(t, "order the other way round", graph, "product")


@case("hw1.topo_sort", points=2)
def topo_sort_diamond(t: Trial) -> None:
    """A node that two others use comes once, before both."""
    graph = Graph(t)
    graph.leaf("a", 3)
    graph.shifted("a", "top")
    graph.shifted("top", "left")
    graph.scaled("top", "right")
    graph.multiply("left", "right", "bottom")
    answer_order(t, "order", graph, "bottom")


@case("hw1.topo_sort", points=2)
def topo_sort_long_and_short_way(t: Trial) -> None:
    """A node comes before all that use it, however far away they are."""
    graph = Graph(t)
    graph.leaf("a", 2)
    graph.leaf("b", 2)
    graph.shifted("a", "early")
    graph.shifted("early", "1")
    graph.scaled("1", "2")
    graph.multiply("2", "b", "3")
    graph.add("early", "3", "short way first")
    graph.add("3", "early", "long way first")
    answer_order(t, "order, short way first", graph, "short way first")
    answer_order(t, "order, long way first", graph, "long way first")


@case("hw1.topo_sort", points=1)
def topo_sort_same_input_twice(t: Trial) -> None:
    """A node that is both inputs of another comes once."""
    graph = Graph(t)
    graph.leaf("a", 3)
    graph.multiply("a", "a", "square")
    graph.add("square", "square", "double")
    answer_order(t, "order", graph, "double")


@case("hw1.topo_sort", points=1)
def topo_sort_equal_values(t: Trial) -> None:
    """Nodes with the same value are different nodes."""
    graph = Graph(t)
    graph.leaf("a", 3)
    graph.keep("twin", autograd.Tensor(graph["a"].numpy()))
    graph.add("a", "twin")
    graph.add("twin", "a")
    graph.multiply("(a + twin)", "(twin + a)", "product")
    answer_order(t, "order", graph, "product")


@case("hw1.topo_sort", points=1)
def topo_sort_only_what_is_below(t: Trial) -> None:
    """What uses a node, or stands beside it, is not below it."""
    graph = Graph(t)
    for name in "abc":
        graph.leaf(name, 2)
    graph.add("a", "b", "inner")
    graph.multiply("inner", "c", "outer")
    graph.shifted("outer", "top")
    answer_order(t, "order below the inner node", graph, "inner")
    answer_order(t, "order below the outer node", graph, "outer")
    answer_order(t, "order below a leaf", graph, "c")


@case("hw1.topo_sort", points=2)
def topo_sort_several_outputs(t: Trial) -> None:
    """Several nodes to begin with: from left to right, each node once in all."""
    graph = Graph(t)
    for name in "abc":
        graph.leaf(name, 2)
    graph.add("a", "b", "first")
    graph.multiply("first", "c", "second")
    graph.scaled("c", "third")
    answer_order(t, "apart", graph, "first", "third")
    answer_order(t, "overlapping", graph, "third", "second")
    answer_order(t, "inner before outer", graph, "first", "second", "third")
    answer_order(t, "outer before inner", graph, "second", "first", "a")
    answer_order(t, "the same twice", graph, "first", "first")
    answer_order(t, "none", graph)


@case("hw1.topo_sort", points=1)
def topo_sort_constants(t: Trial) -> None:
    """Inputs that need no gradient are part of the order."""
    graph = Graph(t)
    graph.leaf("a", 2)
    graph.keep("c", autograd.Tensor(graph["a"].numpy(), requires_grad=False))
    graph.multiply("c", "a", "product")
    graph.add("product", "c", "sum")
    answer_order(t, "order", graph, "sum")


@case("hw1.topo_sort", points=2)
def topo_sort_random(t: Trial) -> None:
    """Random graphs, in which nodes are used again and again."""
    for number in range(4):
        graph = random_graph(t, leaves=3, results=25)
        names = list(graph.nodes)
        answer_order(t, f"graph {number}", graph, names[-1])
        answer_order(t, f"graph {number}, all", graph, *names[::-1])


@case("hw1.topo_sort", points=1, seconds=5)
def topo_sort_many_ways(t: Trial) -> None:
    """A node is visited once, not once for every way that leads to it."""
    graph = Graph(t)
    graph.leaf("0", 2)
    for number in range(1, 65):  # 2**64 ways lead to the leaf
        graph.add(str(number - 1), str(number - 1), str(number))
    answer_order(t, "order", graph, "64")


@case("hw1.topo_sort", points=1)
def topo_sort_changes_nothing(t: Trial) -> None:
    """Sorting twice gives the same twice, and leaves the graph as it is."""
    graph = Graph(t)
    graph.leaf("a", 2)
    graph.leaf("b", 2)
    graph.multiply("a", "b", "product")
    graph.shifted("product", "shifted")
    graph.add("b", "shifted", "end")
    answer_order(t, "first", graph, "end")
    answer_order(t, "second", graph, "end")
    outputs = [graph["shifted"], graph["end"]]
    autograd.find_topo_sort(outputs)
    t.answer("the list that was given", graph.names(outputs), check=exact())
    for name, node in graph.nodes.items():
        inputs = graph.names(node.inputs)
        t.witness(f"inputs of {name} afterwards", inputs, check=exact())
