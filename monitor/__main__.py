"""``python -m monitor``"""

from monitor.start import main

main()
