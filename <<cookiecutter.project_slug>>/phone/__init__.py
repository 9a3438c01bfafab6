"""The other end of the line: a simulated Tropo platform, and callers to try the application with.

From the core to the edge: `actions` (what a caller can do), `reading` (what the platform makes of a reply;
`options` has the defaults), `platform` (one session, pure; `leg` and `steps` are its parts, `habits` what is
not known of Tropo), `transports` (how its POSTs travel), `handset` (the two joined),
`management/commands/phone.py` (the terminal), `testing` (the tests' caller).
"""
