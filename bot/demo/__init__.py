"""The fictional Riverside Bank with its people and customers, for trying the product out."""

from bot.demo.loader import load_demo

__all__ = ["load_demo"]
