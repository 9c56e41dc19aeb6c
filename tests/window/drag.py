#!/usr/bin/python3
"""Drags files onto a window and drops them, as a file manager does (XDND, version 5). Needs only libX11.

usage: drag.py WINDOW X Y PATH...           drops them at a point of the screen; status 1 if the window refuses
       drag.py WINDOW X Y --hover S PATH... holds them over the window for S seconds and leaves without dropping
"""

import ctypes
import ctypes.util
import select
import sys
import time
import urllib.parse

PATIENCE_S = 10
CLIENT_MESSAGE, SELECTION_REQUEST, SELECTION_NOTIFY = 33, 30, 31
LONG = ctypes.c_long
ULONG = ctypes.c_ulong


class ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ULONG), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ULONG), ("message_type", ULONG), ("format", ctypes.c_int), ("data", LONG * 5)]


class SelectionRequest(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ULONG), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("owner", ULONG), ("requestor", ULONG), ("selection", ULONG), ("target", ULONG), ("property", ULONG),
                ("time", ULONG)]


class SelectionNotify(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ULONG), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("requestor", ULONG), ("selection", ULONG), ("target", ULONG), ("property", ULONG), ("time", ULONG)]


class Event(ctypes.Union):
    _fields_ = [("type", ctypes.c_int), ("message", ClientMessage), ("request", SelectionRequest),
                ("notify", SelectionNotify), ("room", LONG * 24)]


class Source:
    """A source window that offers paths and talks to the target."""

    def __init__(self, target, paths):
        x = self.x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        x.XOpenDisplay.restype = ctypes.c_void_p
        x.XDefaultRootWindow.restype = x.XCreateSimpleWindow.restype = x.XInternAtom.restype = ULONG
        self.display = ctypes.c_void_p(x.XOpenDisplay(None))
        if not self.display:
            sys.exit("no display")
        root = ULONG(x.XDefaultRootWindow(self.display))
        self.window = ULONG(x.XCreateSimpleWindow(self.display, root, 0, 0, 1, 1, 0, ULONG(0), ULONG(0)))
        self.target = ULONG(target)
        self.uri_list = self.atom("text/uri-list")
        self.uris = "".join(f"file://{urllib.parse.quote(path)}\r\n" for path in paths).encode()
        x.XSetSelectionOwner(self.display, ULONG(self.atom("XdndSelection")), self.window, ULONG(0))

    def atom(self, name):
        return self.x.XInternAtom(self.display, name.encode(), 0)

    def tell(self, kind, *data):
        event = Event()
        event.message = ClientMessage(CLIENT_MESSAGE, 0, 1, self.display, self.target.value, self.atom(kind), 32,
                                      (LONG * 5)(self.window.value, *data))
        self.x.XSendEvent(self.display, self.target, 0, LONG(0), ctypes.byref(event))
        self.x.XFlush(self.display)

    def hand_over(self, request):
        """Writes the paths to the property that the target requested."""
        place = request.property or request.target
        self.x.XChangeProperty(self.display, ULONG(request.requestor), ULONG(place), ULONG(self.uri_list), 8, 0,
                               self.uris, len(self.uris))
        event = Event()
        event.notify = SelectionNotify(SELECTION_NOTIFY, 0, 1, self.display, request.requestor, request.selection,
                                       request.target, place, request.time)
        self.x.XSendEvent(self.display, ULONG(request.requestor), 0, LONG(0), ctypes.byref(event))
        self.x.XFlush(self.display)

    def wait(self, kind):
        """The data of the next message of this kind; meanwhile requests for the paths are answered."""
        end = time.monotonic() + PATIENCE_S
        wanted = self.atom(kind)
        event = Event()
        while time.monotonic() < end:
            if not self.x.XPending(self.display):
                select.select([self.x.XConnectionNumber(self.display)], [], [], 0.05)
                continue
            self.x.XNextEvent(self.display, ctypes.byref(event))
            if event.type == SELECTION_REQUEST:
                self.hand_over(event.request)
            elif event.type == CLIENT_MESSAGE and event.message.message_type == wanted:
                return list(event.message.data)
        sys.exit(f"no {kind} within {PATIENCE_S} s")


def main():
    window, x, y, *paths = sys.argv[1:]
    hover_s = None
    if paths[0] == "--hover":
        hover_s, paths = float(paths[1]), paths[2:]
    source = Source(int(window), paths)
    source.tell("XdndEnter", 5 << 24, source.uri_list, 0, 0)
    source.tell("XdndPosition", 0, int(x) << 16 | int(y), 0, source.atom("XdndActionCopy"))
    if not source.wait("XdndStatus")[1] & 1:
        sys.exit("the window does not take files")
    if hover_s is not None:
        time.sleep(hover_s)
        source.tell("XdndLeave", 0, 0, 0, 0)
        return
    source.tell("XdndDrop", 0, 0, 0, 0)
    if not source.wait("XdndFinished")[1] & 1:
        sys.exit("the window did not take the files")


main()
