"""One page about one fund or one firm, with the briefing's pen, fonts, tables and charts.

Content (`fund`, `firm`) says what there is to say, in order of weight; `page` fits it to one sheet of A4.
"""
