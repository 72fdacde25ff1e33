"""The packages that a stage has built."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BuiltPackages:
    packages: Path  # the .deb files under test

    def package(self, name: str) -> Path:
        found = list(self.packages.glob(f"{name}_*.deb"))
        assert len(found) == 1, f"{self.packages} has {len(found)} packages {name}"
        return found[0]
