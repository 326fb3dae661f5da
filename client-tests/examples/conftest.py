import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # where mailfault_pytest.py is

pytest_plugins = ["mailfault_pytest"]
