"""What people and the program do with procedures: publishing, running, working, handing over, opinions, the clock."""
