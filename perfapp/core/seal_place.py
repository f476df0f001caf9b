"""Where a seal stands on a page: the documents room says it, the signing room presses there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SealPlace:
    """A round seal on one page; lengths in millimetres from the top-left corner of the page as it is seen."""

    page: int  # index, the first page is 0
    centre_x_mm: float
    centre_y_mm: float
    diameter_mm: float = 42.0  # 县级部门、事业单位: 42 mm (国发〔1999〕25号)

    def __post_init__(self) -> None:
        if self.page < 0:
            raise ValueError(f"a page index counts from 0, not {self.page}")
        if not 10 <= self.diameter_mm <= 60:
            raise ValueError(f"a seal is 10 to 60 mm wide, not {self.diameter_mm}")
