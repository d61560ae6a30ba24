/* Sockets: the handshake with runt-init, the start socket of a container, and descriptors for
 * callers. */
#include "librunt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static int first_descriptor(struct msghdr *packet)
{
	int descriptor = -1;
	struct cmsghdr *head = CMSG_FIRSTHDR(packet);

	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
	    head->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&descriptor, CMSG_DATA(head), sizeof(int));
	return descriptor;
}

int runt_receive(int channel, struct packet *packet)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec parts[2] = {{&packet->message, sizeof(packet->message)},
				 {packet->detail, sizeof(packet->detail)}};
	struct msghdr header = {.msg_iov = parts,
				.msg_iovlen = 2,
				.msg_control = control.bytes,
				.msg_controllen = sizeof(control.bytes)};
	ssize_t got;

	do
		got = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == ECONNRESET ? 0 : -errno;
	packet->descriptor = first_descriptor(&header);
	if (got == 0)
		return 0;
	if ((size_t)got < sizeof(packet->message))
		return -EPROTO;
	packet->detail_length = (size_t)got - sizeof(packet->message);
	return 1;
}

int runt_go(int channel, int32_t gate)
{
	struct message message = {.kind = MESSAGE_GO, .value = gate};

	return send(channel, &message, sizeof(message), MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int folder_address(int folder, const char *name, struct sockaddr_un *address)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	int length = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s",
			      folder, name);

	return length < 0 || (size_t)length >= sizeof(address->sun_path) ? -ENAMETOOLONG : 0;
}

static int closing(int descriptor, int error)
{
	close(descriptor);
	return -error;
}

int runt_listen(int folder, const char *name)
{
	struct sockaddr_un address;
	int result = folder_address(folder, name, &address);
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (listener < 0)
		return -errno;
	if (result < 0)
		return closing(listener, -result);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, 1) < 0)
		return closing(listener, errno);
	return listener;
}

static int connect_to(int type, const struct sockaddr_un *address)
{
	int connection = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	if (connection < 0)
		return -errno;
	if (connect(connection, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return closing(connection, errno);
	return connection;
}

int runt_connect(int folder, const char *name)
{
	struct sockaddr_un address;
	int result = folder_address(folder, name, &address);

	return result < 0 ? result : connect_to(SOCK_SEQPACKET, &address);
}

ssize_t runt_send_descriptor(int connection, const void *payload, size_t size, int descriptor)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = {(void *)(uintptr_t)payload, size};
	struct msghdr packet = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = control.bytes,
				.msg_controllen = sizeof(control.bytes)};

	memset(&control, 0, sizeof(control));
	struct cmsghdr *head = CMSG_FIRSTHDR(&packet);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &descriptor, sizeof(int));
	return sendmsg(connection, &packet, MSG_NOSIGNAL);
}

static int send_all(int connection, const unsigned char *payload, size_t size, int descriptor)
{
	ssize_t sent = runt_send_descriptor(connection, payload, size, descriptor);

	for (size_t done = 0; sent >= 0;
	     sent = send(connection, payload + done, size - done, MSG_NOSIGNAL)) {
		done += (size_t)sent;
		if (done >= size)
			return 0;
	}
	return -errno;
}

int runt_hand_over(const char *path, const void *payload, size_t size, int descriptor)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	int connection = connect_to(SOCK_STREAM, &address);

	if (connection < 0)
		return connection;
	int result = send_all(connection, payload, size, descriptor);

	close(connection);
	return result;
}
