"""返投: the centre sets how local investment is recognised for a fund, and recognises it case by case."""

from funds.operations.reinvestment.recognising import correct_recognition, recognise, reverse_recognition
from funds.operations.reinvestment.rules import record_rules

__all__ = ["correct_recognition", "recognise", "record_rules", "reverse_recognition"]
