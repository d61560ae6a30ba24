"""
An agent for seccomp notifications: seccomp-agent.py SOCKET LOG [CALL=ERRNO ...]

Answers ERRNO to these numbers of system calls and lets all others go on. LOG gets a JSON text for each line: what came
with a listener, and the number of each call.
"""
import array
import errno
import fcntl
import json
import os
import socket
import struct
import sys
import threading

NOTIF_RECV = 0xC0502100
NOTIF_SEND = 0xC0182101
CONTINUE = 1

path, log = sys.argv[1:3]
answers = dict((int(n), int(e)) for n, e in (word.split("=") for word in sys.argv[3:]))


def tell(**facts):
    with open(log, "a") as file:
        file.write(json.dumps(facts) + "\n")


def serve(listener):
    while True:
        request = bytearray(80)
        try:
            fcntl.ioctl(listener, NOTIF_RECV, request, True)
        except OSError as error:
            if error.errno in (errno.EINTR, errno.ENOENT):
                continue
            return
        ident, _pid, _flags, number = struct.unpack_from("QIIi", request)
        tell(call=number)
        denied = answers.get(number)
        answer = (ident, 0, -denied, 0) if denied else (ident, 0, 0, CONTINUE)
        try:
            fcntl.ioctl(listener, NOTIF_SEND, bytearray(struct.pack("QqiI", *answer)), True)
        except OSError:
            pass


server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen(8)
tell(ready=os.getpid())
while True:
    connection, _ = server.accept()
    message, ancillary, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(64))
    listeners = array.array("i")
    for _, _, data in ancillary:
        listeners.frombytes(data[: len(data) // 4 * 4])
    while part := connection.recv(65536):
        message += part
    tell(state=json.loads(message), listeners=len(listeners))
    connection.close()
    threading.Thread(target=serve, args=(listeners[0],), daemon=True).start()
