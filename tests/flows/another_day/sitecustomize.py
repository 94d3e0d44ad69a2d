"""Found by an interpreter that starts with this folder on its path: its whole process lives some days later."""

import os
import time

import time_machine

time_machine.travel(time.time() + 86_400 * int(os.environ["ANOTHER_DAY"]), tick=True).start()
