#!/usr/bin/python3
"""Lists the parts of the window and their positions by their accessible names (AT-SPI over D-Bus).

usage: names.py list               every part: role, name, x, y, width, height, states, separated by tabs
       names.py find NAME [NTH]    the centre of a part, "x y", on the screen; status 1 if there is none

NAME is the whole name, or its beginning followed by `*`; `button=NAME` also requires the role. Disabled parts are not
found. Needs PyGObject (Debian: python3-gi) and at-spi2-core.
"""

import sys

from gi.repository import Gio, GLib

ACCESSIBLE = "org.a11y.atspi.Accessible"
ROOT = "/org/a11y/atspi/accessible/root"
# Numbers of AT-SPI roles.
ROLES = {7: "box", 11: "combo", 23: "window", 27: "image", 29: "label", 43: "button", 44: "radio", 51: "slider",
         52: "figure", 62: "switch", 79: "entry"}
# Bits of AT-SPI states.
CHECKED, ENABLED, FOCUSED, PRESSED, SELECTED = 4, 8, 12, 20, 23
WORDS = {CHECKED: "checked", ENABLED: "enabled", FOCUSED: "focused", PRESSED: "pressed", SELECTED: "selected"}


class Bus:
    """The bus of accessible applications."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        reply = session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, Gio.DBusCallFlags.NONE, 5000
        )
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(reply.unpack()[0], flags)

    def ask(self, node, interface, method, arguments=None):
        name, path = node
        try:
            reply = self.bus.call_sync(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 3000)
        except GLib.Error:
            return None
        return reply.unpack()[0]

    def name(self, node):
        arguments = GLib.Variant("(ss)", (ACCESSIBLE, "Name"))
        return self.ask(node, "org.freedesktop.DBus.Properties", "Get", arguments)

    def children(self, node):
        return self.ask(node, ACCESSIBLE, "GetChildren") or []


def parts(bus):
    """Every part of every window, from the top down."""
    waiting = list(reversed(bus.children(("org.a11y.atspi.Registry", ROOT))))
    while waiting:
        node = waiting.pop()
        # A part that has disappeared meanwhile, or does not support the query, is left out.
        ask = bus.ask
        waiting.extend(reversed(bus.children(node)))
        role, name = ask(node, ACCESSIBLE, "GetRole"), bus.name(node)
        extents = ask(node, "org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (0,)))
        low, high = ask(node, ACCESSIBLE, "GetState") or (0, 0)
        if role and extents:
            bits = low | high << 32
            yield ROLES.get(role, "other"), name or "", extents, [word for bit, word in WORDS.items() if bits >> bit & 1]


def fits(wanted, role, name):
    wanted_role, equals, rest = wanted.partition("=")
    if equals and wanted_role.isalpha():
        return role == wanted_role and fits(rest, role, name)
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted


def main():
    bus = Bus()
    if sys.argv[1] == "list":
        for role, name, (x, y, width, height), states in parts(bus):
            print(role, name.replace("\n", " "), x, y, width, height, " ".join(states), sep="\t")
        return 0
    nth = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for role, name, (x, y, width, height), states in parts(bus):
        if width > 0 and height > 0 and "enabled" in states and fits(sys.argv[2], role, name):
            nth -= 1
            if nth == 0:
                print(x + width // 2, y + height // 2)
                return 0
    return 1


sys.exit(main())
