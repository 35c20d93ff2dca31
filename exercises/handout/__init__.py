"""Make what students get."""
