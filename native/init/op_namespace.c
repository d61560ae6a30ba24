/* Namespaces and what belongs to them alone. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "machine.h"

int op_joinNamespace(struct machine *m)
{
	return setns(arg_slot(m, 0), (int)arg_u32(m, 1));
}

int op_unshare(struct machine *m)
{
	return unshare((int)arg_u32(m, 0));
}

int op_joinCgroup(struct machine *m)
{
	int file = open(arg_string(m, 0), O_WRONLY | O_CLOEXEC);

	if (file < 0)
		return -1;
	ssize_t written = write(file, "0", 1);
	int error = errno;

	close(file);
	errno = error;
	return written < 0 ? -1 : 0;
}

int op_hostname(struct machine *m)
{
	return sethostname(arg_string(m, 0), arg_length(m, 0));
}

int op_domainname(struct machine *m)
{
	return setdomainname(arg_string(m, 0), arg_length(m, 0));
}

int op_loopbackUp(struct machine *m)
{
	struct ifreq request;
	int connection = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)m;
	if (connection < 0)
		return -1;
	memset(&request, 0, sizeof(request));
	memcpy(request.ifr_name, "lo", sizeof("lo"));
	int result = ioctl(connection, SIOCGIFFLAGS, &request);

	if (result == 0) {
		request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
		result = ioctl(connection, SIOCSIFFLAGS, &request);
	}
	close(connection);
	return result;
}
