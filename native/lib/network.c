/*
 * Network interfaces by rtnetlink(7): found, moved to another namespace, given addresses, set up.
 * A socket speaks of the namespace in which it was opened, whoever holds it, so both sides of a
 * move are done from here and nobody changes namespace for longer than a call.
 */
#include "librunt.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* an interface's message is about 2 KiB */
#define ANSWER_MAX 32768u
#define DUMP_TRIES 8

struct request {
	struct nlmsghdr header;
	char body[1024];
};

/* What is done with each message of an answer. */
typedef void taker(const struct nlmsghdr *message, void *data);

static int open_here(void)
{
	int result = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	return result < 0 ? -errno : result;
}

struct opening {
	int namespace, result;
};

static void *open_there(void *data)
{
	struct opening *opening = data;

	opening->result = setns(opening->namespace, CLONE_NEWNET) < 0 ? -errno : open_here();
	return NULL;
}

/* In another namespace it is a thread that opens, and ends: this one stays where it is. */
int runt_net_open(int namespace)
{
	struct opening opening = {namespace, -EAGAIN};
	pthread_t thread;

	if (namespace < 0)
		return open_here();
	int error = pthread_create(&thread, NULL, open_there, &opening);

	if (error)
		return -error;
	pthread_join(thread, NULL);
	return opening.result;
}

static struct request make_request(uint16_t type, uint16_t flags, const void *head, size_t size)
{
	static _Thread_local uint32_t sequence;
	struct request request = {0};

	request.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(size);
	request.header.nlmsg_type = type;
	request.header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	request.header.nlmsg_seq = ++sequence;
	memcpy(NLMSG_DATA(&request.header), head, size);
	return request;
}

/* -1 when the request is full. */
static int add_attribute(struct request *request, uint16_t type, const void *data, size_t length)
{
	size_t at = NLMSG_ALIGN(request->header.nlmsg_len);
	struct rtattr header = {(uint16_t)RTA_LENGTH(length), type};

	if (at + RTA_SPACE(length) > sizeof(*request))
		return -1;
	memcpy((char *)request + at, &header, sizeof(header));
	memcpy((char *)request + at + RTA_LENGTH(0), data, length);
	request->header.nlmsg_len = (uint32_t)(at + RTA_SPACE(length));
	return 0;
}

static int add_text(struct request *request, uint16_t type, const char *text)
{
	return add_attribute(request, type, text, strlen(text) + 1);
}

static ssize_t receive_answer(int socket, void *buffer, size_t size)
{
	ssize_t got;

	/* ENOBUFS tells of notifications that were dropped; the answer itself still comes */
	do
		got = recv(socket, buffer, size, MSG_TRUNC);
	while (got < 0 && (errno == EINTR || errno == ENOBUFS));
	if (got < 0)
		return -errno;
	return (size_t)got > size ? -EMSGSIZE : got;
}

static int ending(const struct nlmsghdr *message)
{
	int error = 0;

	if (message->nlmsg_len >= NLMSG_LENGTH(sizeof(error)))
		memcpy(&error, NLMSG_DATA(message), sizeof(error));
	return error;
}

/* Sends, and shows `take` every message up to the kernel's own verdict: 0 or -errno. */
static int exchange(int socket, const struct request *request, taker *take, void *data)
{
	_Alignas(struct nlmsghdr) char buffer[ANSWER_MAX];
	int interrupted = 0;

	if (send(socket, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		ssize_t got = receive_answer(socket, buffer, sizeof(buffer));

		if (got <= 0)
			return got < 0 ? (int)got : -EPIPE;
		const struct nlmsghdr *message = (const void *)buffer;

		for (size_t left = (size_t)got; NLMSG_OK(message, left);
		     message = NLMSG_NEXT(message, left)) {
			int ours = message->nlmsg_seq == request->header.nlmsg_seq;

			if (ours && message->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = 1;
			if (ours && (message->nlmsg_type == NLMSG_ERROR ||
				     message->nlmsg_type == NLMSG_DONE))
				return interrupted ? -EINTR : ending(message);
			/* a departure is told to everybody, under no number */
			if (take && (ours || message->nlmsg_type == RTM_DELLINK))
				take(message, data);
		}
	}
}

static void take_interface(const struct nlmsghdr *message, void *data)
{
	struct net_interface *found = data;
	struct ifinfomsg head;

	if (message->nlmsg_type != RTM_NEWLINK)
		return;
	memcpy(&head, NLMSG_DATA(message), sizeof(head));
	found->index = head.ifi_index;
	found->up = (head.ifi_flags & IFF_UP) != 0;
}

int runt_net_find(int socket, const char *name, struct net_interface *found)
{
	struct ifinfomsg head = {0};
	struct request request = make_request(RTM_GETLINK, NLM_F_ACK, &head, sizeof(head));

	if (add_text(&request, IFLA_IFNAME, name) < 0)
		return -ENAMETOOLONG;
	return exchange(socket, &request, take_interface, found);
}

/* What the kernel lists of an interface, and what it calls the same in a request. */
static const struct listing {
	uint16_t get, add, head; /* message types, and the size of their own header */
	/* attributes: the interface's number, and those that say nothing to another one */
	uint16_t interface, lifetime, label;
} listings[] = {
    [NET_ADDRESSES] = {RTM_GETADDR, RTM_NEWADDR, sizeof(struct ifaddrmsg), 0, IFA_CACHEINFO,
		       IFA_LABEL},
    [NET_ROUTES] = {RTM_GETROUTE, RTM_NEWROUTE, sizeof(struct rtmsg), RTA_OIF, RTA_CACHEINFO, 0},
};

struct list {
	const struct listing *what;
	int index, overflow;
	unsigned char *buffer;
	size_t size, length;
};

static const struct rtattr *first_attribute(const struct nlmsghdr *message, size_t head)
{
	return (const void *)((const char *)message + NLMSG_SPACE(head));
}

static int interface_of(const struct listing *what, const struct nlmsghdr *message)
{
	int index = 0;

	if (what->add == RTM_NEWADDR) {
		struct ifaddrmsg head;

		memcpy(&head, NLMSG_DATA(message), sizeof(head));
		return (int)head.ifa_index;
	}
	const struct rtattr *attribute = first_attribute(message, what->head);
	size_t left = message->nlmsg_len - NLMSG_SPACE(what->head);

	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		if (attribute->rta_type == what->interface)
			memcpy(&index, RTA_DATA(attribute), sizeof(index));
	return index;
}

static void take_entry(const struct nlmsghdr *message, void *data)
{
	struct list *list = data;
	size_t space = NLMSG_ALIGN(message->nlmsg_len);

	if (message->nlmsg_type != list->what->add ||
	    message->nlmsg_len < NLMSG_SPACE(list->what->head) ||
	    interface_of(list->what, message) != list->index)
		return;
	if (space > list->size - list->length) {
		list->overflow = 1;
		return;
	}
	memcpy(list->buffer + list->length, message, message->nlmsg_len);
	list->length += space;
}

int runt_net_list(int socket, enum net_list which, int index, unsigned char *buffer, size_t size)
{
	const struct listing *what = &listings[which];
	const char head[16] = {0}; /* of every family */
	int result = -EINTR;

	/* the list may change while it is read: then it is read again */
	for (int tries = 0; result == -EINTR && tries < DUMP_TRIES; tries++) {
		struct list list = {what, index, 0, buffer, size, 0};
		struct request request = make_request(what->get, NLM_F_DUMP, head, what->head);

		result = exchange(socket, &request, take_entry, &list);
		if (result == 0)
			result = list.overflow ? -ENOBUFS : (int)list.length;
	}
	return result;
}

/* Copies the attributes of what was told; `whole` with what belongs to the old interface alone. */
static int copy_attributes(struct request *request, const struct listing *what,
			   const struct nlmsghdr *told, int index, int whole)
{
	const struct rtattr *attribute = first_attribute(told, what->head);
	size_t left = told->nlmsg_len - NLMSG_SPACE(what->head);

	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		const void *value = RTA_DATA(attribute);

		if (what->interface && attribute->rta_type == what->interface)
			value = &index;
		if (attribute->rta_type == what->lifetime && (!whole || what->interface))
			continue;
		if (what->label && attribute->rta_type == what->label && !whole)
			continue;
		if (add_attribute(request, attribute->rta_type, value, RTA_PAYLOAD(attribute)) < 0)
			return -ENOBUFS;
	}
	return 0;
}

int runt_net_add(int socket, enum net_list which, int index, const unsigned char *message,
		 size_t length, int whole)
{
	const struct listing *what = &listings[which];
	_Alignas(struct nlmsghdr) unsigned char copy[sizeof(struct request)];
	const struct nlmsghdr *told = (const void *)copy;

	if (length < NLMSG_SPACE(what->head) || length > sizeof(copy))
		return -EINVAL;
	memcpy(copy, message, length);
	if (told->nlmsg_len < NLMSG_SPACE(what->head) || told->nlmsg_len > length)
		return -EINVAL;
	struct request request = make_request(what->add, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
					      NLMSG_DATA(told), what->head);

	if (which == NET_ADDRESSES)
		((struct ifaddrmsg *)NLMSG_DATA(&request.header))->ifa_index = (unsigned int)index;
	int result = copy_attributes(&request, what, told, index, whole);

	return result < 0 ? result : exchange(socket, &request, NULL, NULL);
}

struct departure {
	int index, there;
};

/* Who watches interfaces is told under which number one goes on elsewhere. */
static void note_departure(const struct nlmsghdr *message, void *data)
{
	struct departure *departure = data;
	struct ifinfomsg head;

	if (message->nlmsg_type != RTM_DELLINK || message->nlmsg_len < NLMSG_LENGTH(sizeof(head)))
		return;
	memcpy(&head, NLMSG_DATA(message), sizeof(head));
	if (head.ifi_index != departure->index)
		return;
	const struct rtattr *attribute = IFLA_RTA(NLMSG_DATA(message));
	size_t left = IFLA_PAYLOAD(message);

	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		if (attribute->rta_type == IFLA_NEW_IFINDEX)
			memcpy(&departure->there, RTA_DATA(attribute), sizeof(departure->there));
}

int runt_net_move(int socket, int index, pid_t pid, const char *name, int *there)
{
	struct ifinfomsg head = {.ifi_index = index};
	struct departure departure = {index, 0};
	struct request request = make_request(RTM_NEWLINK, NLM_F_ACK, &head, sizeof(head));
	uint32_t holder = (uint32_t)pid;
	int group = RTNLGRP_LINK;

	if (add_attribute(&request, IFLA_NET_NS_PID, &holder, sizeof(holder)) < 0 ||
	    add_text(&request, IFLA_IFNAME, name) < 0)
		return -ENAMETOOLONG;
	if (setsockopt(socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return -errno;
	int result = exchange(socket, &request, note_departure, &departure);

	setsockopt(socket, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof(group));
	/* also where the result is a failure: it may have gone, and not got its name */
	*there = departure.there;
	return result;
}

int runt_net_up(int socket, int index)
{
	struct ifinfomsg head = {.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
	struct request request = make_request(RTM_NEWLINK, NLM_F_ACK, &head, sizeof(head));

	return exchange(socket, &request, NULL, NULL);
}
