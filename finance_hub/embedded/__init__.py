"""The servers of one machine: PostgreSQL and a broker, started, watched and stopped without an installer.

An *instance* is a folder (`var/city` for the running city, `var/test` for the tests). Whoever needs its
servers holds a shared lock on them; a *keeper* process per server starts it, restarts it when it dies, and
stops it when the last holder is gone, however that holder ended. Nothing here imports Django.

Set-up:   packages
Ground:   locks · ports · processes · instance · account · binaries
Servers:  postgres · cluster · broker · keeper · holding · databases
Work:     environment · foreground · plan · children · supervisor · terminal
"""
