/* The handshake socket, from the container's side. */
#include "report.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* What is the least that a filter has to allow, and all that runc asks of it. */
static int write_packet(struct machine *m, const struct message *message)
{
	unsigned char packet[sizeof(*message) + DETAIL_MAX];
	ssize_t written;

	memcpy(packet, message, sizeof(*message));
	memcpy(packet + sizeof(*message), m->detail, m->detail_length);
	do
		written = write(m->report, packet, sizeof(*message) + m->detail_length);
	while (written < 0 && errno == EINTR);
	return written < 0 ? -1 : 0;
}

static int send_packet(struct machine *m, uint32_t kind, int32_t value, const int *descriptor)
{
	struct message message = {kind, m->index, m->step ? m->step->op : 0, value};
	struct iovec parts[2] = {{&message, sizeof(message)}, {m->detail, m->detail_length}};
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr packet = {.msg_iov = parts, .msg_iovlen = m->detail_length ? 2 : 1};

	if (m->filtered)
		return write_packet(m, &message);
	memset(&control, 0, sizeof(control));
	if (descriptor) {
		packet.msg_control = control.bytes;
		packet.msg_controllen = sizeof(control.bytes);
		struct cmsghdr *head = CMSG_FIRSTHDR(&packet);

		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(head), descriptor, sizeof(int));
	}
	ssize_t sent;

	do
		sent = sendmsg(m->report, &packet, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

int report(struct machine *m, uint32_t kind, int32_t value)
{
	return send_packet(m, kind, value, NULL);
}

int report_descriptor(struct machine *m, int32_t tag, int descriptor)
{
	return send_packet(m, MESSAGE_DESCRIPTOR, tag, &descriptor);
}

int await_go(const struct machine *m, int32_t gate)
{
	struct message message;
	ssize_t got;

	do
		got = read(m->report, &message, sizeof(message));
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	if (got != (ssize_t)sizeof(message) || message.kind != MESSAGE_GO ||
	    message.value != gate) {
		errno = got == 0 ? EPIPE : EPROTO;
		return -1;
	}
	return 0;
}
