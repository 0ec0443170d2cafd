"""What commands print and leave behind, frozen: work on the inside must not change it by a byte."""
