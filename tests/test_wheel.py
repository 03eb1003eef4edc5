"""The built wheel holds the specs and runs from an environment that has nothing else of the project."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), cwd=ROOT)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def binaries(wheel, tmp_path_factory):
    """An environment with the wheel; its dependencies are lent by path, without the project's own editable install."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    )
    purelib = Path(run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    (purelib / "lent.pth").write_text("\n".join(sorted(lent)) + "\n", encoding="utf-8")
    return python.parent


def test_the_wheel_holds_the_specs_and_the_marker(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "cityindex/py.typed" in names
    assert "cityindex/specs/tech-capability-2021/spec.yaml" in names
    assert "cityindex/specs/digital-economy-city-2020/published/score.csv" in names
    assert "cityindex/specs/calenviroscreen-2.0/spec.yaml" in names  # a dot in the id
    assert not [name for name in names if "transcribe" in name or name.startswith("tests")]


def test_it_runs_from_the_empty_environment(binaries, tmp_path):
    where = run(str(binaries / "python"), "-c", "import cityindex; print(cityindex.__file__)", cwd=tmp_path)
    assert str(binaries.parent) in where
    assert "digital-economy-city-2020" in run(str(binaries / "cityindex"), "list", cwd=tmp_path)
    assert "19 indicators" in run(str(binaries / "cityindex"), "show", "calenviroscreen-2.0", cwd=tmp_path)
    data = tmp_path / "cities.csv"
    data.write_text("name,score\n上海,90.5\n丽水,41.6\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    run(str(binaries / "cityindex"), "score", "digital-economy-city-2020", str(data), "-o", str(out), cwd=tmp_path)
    assert "上海,90.5,1,一线" in out.read_text(encoding="utf-8")
