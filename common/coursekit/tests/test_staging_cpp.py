"""Tests of regions in C++ and CUDA: their names, and stubs that compile and throw."""

from __future__ import annotations

import shutil
import subprocess
import textwrap

import pytest
from coursekit.errors import CourseError
from coursekit.staging import ALL, NONE, render
from coursekit.staging.cpp_scan import CppScan, classify
from coursekit.staging.render import render_folder


@pytest.mark.parametrize(
    ("head", "kind", "name"),
    [
        ("namespace needle", "namespace", ""),
        ("inline namespace v1::cpu", "namespace", ""),
        ("namespace", "namespace", ""),
        ("extern", "namespace", ""),
        ("struct AlignedArray", "type", "AlignedArray"),
        ("class Tensor final : public Base<int>", "type", "Tensor"),
        ("template <typename T, class U> struct Pair", "type", "Pair"),
        ("struct alignas(16) Tile", "type", "Tile"),
        ("enum class Mode : int", "type", "Mode"),
        ("void Fill(AlignedArray *out, float value)", "function", "Fill"),
        ("std::vector<std::pair<int, int>> Pairs() const", "function", "Pairs"),
        ("std::function<void(int)> make()", "function", "make"),
        ("auto length(const T &x) -> decltype(x.size())", "function", "length"),
        ("Tensor::Tensor(int n) : size_(n), data_(n)", "function", "Tensor::Tensor"),
        ("Tensor::~Tensor() noexcept", "function", "Tensor::~Tensor"),
        ("bool operator<(const A &a, const A &b)", "function", "operator<"),
        ("float operator()(int i) const", "function", "operator()"),
        ("template <> void Scale<float>::run(int n)", "function", "Scale::run"),
        ("PYBIND11_MODULE(ext, m)", "function", "PYBIND11_MODULE"),
        ("__global__ void __launch_bounds__(256) K(float *a)", "function", "K"),
        ("int table[] =", "block", ""),
        ("std::vector<int> v", "block", ""),
        ("static auto f = [](int x)", "block", ""),
    ],
)
def test_a_brace_is_told_by_what_stands_before_it(head, kind, name):
    scope = classify(head)
    assert (scope.kind, scope.name) == (kind, name)


SCANNED = r"""
#include <vector>
#define OPEN {
// a comment with { and "quotes
/* another { one */
const char *text = "{ \" {";
const char brace = '{', raw[] = R"x( { ) " )x";
const int million = 1'000'000;
std::vector<int> v{1, 2};
#ifdef WRAPPED
namespace a {
#else
namespace b {
#endif
struct S {
  S() : x{1}, y(2) {
    HERE("S.S");
  }
#ifdef FAST
  void f(int n) {
#else
  void f(long n) {
#endif
    for (int i = 0; i < n; ++i) {
      auto g = [&](int k) { return k; };
      HERE("S.f");
    }
  }
  int x;
 public:
  int get() const { return x; }
};
void h(std::vector<int> v = {1, 2}) {
  HERE("h");
}
}  // namespace a or b
HERE("");
"""


def test_the_scan_follows_braces_through_everything():
    scan = CppScan(SCANNED)
    wanted, found = [], []
    for number, line in enumerate(SCANNED.split("\n"), start=1):
        if "HERE" in line:
            wanted.append(line.split('"')[1])
            scopes = [s.name for s in scan.scopes(number) if s.name]
            found.append(".".join(scopes))
    assert found == wanted


SOURCE = """\
#include <stdexcept>
struct NotImplementedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
namespace n {
struct Sum {
  int over(const int *x, int m) const {
    /// BEGIN YOUR SOLUTION hw1.forward
    int sum = 0;
    for (int i = 0; i < m; ++i) sum += x[i];
    return sum;
    /// END YOUR SOLUTION
  }
};

/// BEGIN YOUR SOLUTION hw1.backward id=helpers
template <typename T>
static inline T twice(T x) {
  return x + x;
}
int thrice(
    int x) { return twice(x) + x; }
/// END YOUR SOLUTION
}  // namespace n
/// SOLUTION ONLY
int unused() { return 1; }
/// END SOLUTION ONLY
int main() {
  int caught = 0, x[] = {1, 2};
  try { n::Sum().over(x, 2); } catch (const NotImplementedError &) { ++caught; }
  try { n::twice(2); } catch (const NotImplementedError &) { ++caught; }
  try { n::thrice(2); } catch (const NotImplementedError &) { ++caught; }
  return caught;
}
"""


def rendered(mini, text: str, solved=NONE, name: str = "src/a.cpp") -> str:
    mini.write(f"common/hw1/{name}", text)
    return render(mini.course, "hw1", solved)[name].decode()


def test_stubs_name_function_and_class(mini):
    code = rendered(mini, SOURCE)
    assert (
        '    throw NotImplementedError("hw1.forward: Sum::over is yours to write'
        ' (handout, question 1)");\n    /// END YOUR SOLUTION\n'
    ) in code
    assert "hw1.backward: twice is yours to write (handout, question 2)" in code
    assert "sum += x[i]" not in code
    assert "unused" not in code


@pytest.mark.skipif(shutil.which("g++") is None, reason="needs g++")
@pytest.mark.parametrize(("solved", "caught"), [(NONE, 3), (ALL, 0)])
def test_stubs_compile_and_throw(mini, tmp_path, solved, caught):
    source = tmp_path / "a.cpp"
    source.write_text(rendered(mini, SOURCE, solved))
    program = tmp_path / "a"
    subprocess.run(["g++", "-std=c++17", "-o", program, source], check=True)
    assert subprocess.run([program], check=False).returncode == caught


def test_ids_of_regions_in_cpp(mini):
    mini.write("common/hw1/src/a.cpp", SOURCE)
    regions = render_folder(mini.course, "hw1", NONE).regions
    assert [each.id for each in regions] == ["src/a.cpp::Sum::over", "helpers"]


def test_device_code_traps_because_it_cannot_throw(mini):
    text = """\
    __global__ void Add(float *a, size_t n) {
      /// BEGIN YOUR SOLUTION hw1.forward
      a[threadIdx.x] += 1;
      /// END YOUR SOLUTION
    }
    """
    code = rendered(mini, textwrap.dedent(text), name="src/a.cu")
    message = "hw1.forward: Add is yours to write (handout, question 1)"
    assert f"\n  __trap();  // {message}\n" in code


def test_a_kernel_in_a_region_is_left_out_and_its_launcher_throws(mini):
    text = """\
    /// BEGIN YOUR SOLUTION hw1.forward
    __global__ void Kernel(float *a) { a[0] = 1; }
    void Launch(float *a) { Kernel<<<1, 1>>>(a); }
    /// END YOUR SOLUTION
    """
    code = rendered(mini, textwrap.dedent(text), name="src/a.cu")
    assert "__global__" not in code
    assert "void Launch(float *a) {\n  throw NotImplementedError(" in code


def test_the_head_of_a_definition_is_kept_without_what_stands_before(mini):
    text = """\
    /// BEGIN YOUR SOLUTION hw1.forward
    #ifdef FAST
    constexpr int lanes = 8;
    #endif
    // Adds one.
    static int f(int x) { return x + 1; }
    /// END YOUR SOLUTION
    """
    lines = rendered(mini, textwrap.dedent(text)).splitlines()
    assert lines[1] == "static int f(int x) {"
    assert lines[2].startswith("  throw NotImplementedError(")
    assert lines[3:] == ["}", "/// END YOUR SOLUTION"]


def test_initialisers_of_a_constructor_are_solution(mini):
    text = """\
    struct A {
      /// BEGIN YOUR SOLUTION hw1.forward
      A(int n) : n_(n * 2) { use(n); }
      /// END YOUR SOLUTION
      int n_;
    };
    """
    code = rendered(mini, textwrap.dedent(text))
    assert "n * 2" not in code
    assert '  A(int n) {\n    throw NotImplementedError("hw1.forward: A::A is' in code


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("struct A { int x; };", 1, "outside any function"),
        ("int x = 1;", 1, "outside any function"),
        ("// only a comment", 1, "holds no statement"),
        ("/* only a comment */", 1, "holds no statement"),
        ("void f() {", 1, "a brace that is not its own"),
    ],
)
def test_what_no_stub_can_stand_for_is_refused(mini, text, line, words):
    text = f"/// BEGIN YOUR SOLUTION hw1.forward\n{text}\n/// END YOUR SOLUTION\n"
    with pytest.raises(CourseError) as caught:
        rendered(mini, text)
    assert str(caught.value).startswith(f"common/hw1/src/a.cpp:{line}: ")
    assert words in str(caught.value)
