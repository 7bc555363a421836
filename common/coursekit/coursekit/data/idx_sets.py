"""The sets of 28x28 pictures in the IDX format: MNIST and its drop-in replacements."""

from __future__ import annotations

from coursekit.data.model import Download, File, Spec

NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
SIZES = (47040016, 60008, 7840016, 10008)

_MNIST_CONTENT = (
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
)
_MNIST_ARCHIVES = (
    (9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
    (28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    (1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
    (4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
)
_MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
)

_FASHION_CONTENT = (
    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
)
_FASHION_ARCHIVES = (
    (26421880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    (29515, "25c81989df183df01b3e8a0aad5dffbe"),
    (4422102, "bef4ecab320f06d8554ea6380940ec79"),
    (5148, "bb300cfdad3c16e7a12a480ee83cd310"),
)
_FASHION_MIRRORS = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
)

_SMALL_SIZES = (4704016, 6008, 784016, 1008)
_SMALL_CONTENT = (
    "cf313073c7eb485392848071d5c433571d7166043e971e3345b095cc30518084",
    "097b93fbcf9bd5bc648b1a457ddc55c9e4ab49afb33f9ecae8ce068399a75e3a",
    "7cee33c3c6414b1b86c25e665a6c4f41584269de3b7cc9768b1d351922845eef",
    "3128d790775889812b73c4f13923559c8b9e281d112c6ea7862acf60a206a909",
)


def _files(sizes: tuple[int, ...], digests: tuple[str, ...]) -> tuple[File, ...]:
    """Pair MNIST's file names with what is in them."""
    pairs = zip(NAMES, digests, sizes, strict=True)
    return tuple(File(name, f"sha256:{digest}", size) for name, digest, size in pairs)


def _plan(
    kind: str, archives: tuple[tuple[int, str], ...], mirrors: tuple[str, ...]
) -> tuple[Download, ...]:
    """List the four downloads, each from every mirror."""
    return tuple(
        Download(name, f"{kind}:{digest}", size, tuple(base + name for base in mirrors))
        for name, (size, digest) in zip(NAMES, archives, strict=True)
    )


MNIST = Spec(
    name="mnist",
    title="MNIST, 60000 + 10000 handwritten digits",
    licence="CC BY-SA 3.0 (Y. LeCun, C. Cortes)",
    into="data",
    files=_files(SIZES, _MNIST_CONTENT),
    plans=(_plan("sha256", _MNIST_ARCHIVES, _MNIST_MIRRORS),),
)
FASHION_MNIST = Spec(
    name="fashion-mnist",
    title="Fashion-MNIST, 60000 + 10000 pictures of clothes",
    licence="MIT (Zalando SE)",
    into="data",
    files=_files(SIZES, _FASHION_CONTENT),
    plans=(_plan("md5", _FASHION_ARCHIVES, _FASHION_MIRRORS),),
    stands_in_for="mnist",
)
FASHION_SMALL = Spec(
    name="fashion-small",
    title="6000 + 1000 Fashion-MNIST images shipped with the course",
    licence="MIT (Zalando SE)",
    into="data",
    files=_files(_SMALL_SIZES, _SMALL_CONTENT),
    origin="shipped",
    stands_in_for="mnist",
)
