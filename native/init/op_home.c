/*
 * The user's home from the container's own /etc/passwd, which only the container can see: its
 * mounts may have laid another file there. passwd(5): name:password:uid:gid:comment:home:shell.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "machine.h"

#define PASSWD_MAX (1u << 20) /* more than that is not read */
#define FIELD_UID 2
#define FIELD_HOME 5

/* A reader of one byte at a time that remembers where in a line it is. */
struct line {
	unsigned int field;
	uint64_t uid;
	int uid_valid;
	size_t length; /* of the home, so far */
	char home[256];
};

static void start_line(struct line *line)
{
	line->field = 0;
	line->uid = 0;
	line->uid_valid = 0;
	line->length = 0;
}

static void take(struct line *line, char c)
{
	if (c == ':') {
		line->field++;
	} else if (line->field == FIELD_UID) {
		if (c < '0' || c > '9' || line->uid > UINT32_MAX)
			line->uid = (uint64_t)UINT32_MAX + 1;
		else
			line->uid = line->uid * 10 + (uint64_t)(c - '0');
		line->uid_valid = 1;
	} else if (line->field == FIELD_HOME) {
		if (line->length < sizeof(line->home) - 1)
			line->home[line->length] = c;
		line->length++;
	}
}

/* Keeps the home of a finished line: 1 when it is the user's. */
static int finish(struct machine *m, const struct line *line, uint32_t uid)
{
	static const char prefix[] = "HOME=";

	if (line->field < FIELD_HOME || !line->uid_valid || line->uid != uid || line->length == 0 ||
	    line->length >= sizeof(line->home))
		return 0;
	memcpy(m->home, prefix, sizeof(prefix) - 1);
	memcpy(m->home + sizeof(prefix) - 1, line->home, line->length);
	m->home[sizeof(prefix) - 1 + line->length] = '\0';
	return 1;
}

int op_homeFolder(struct machine *m)
{
	struct line line;
	char buffer[1024];
	int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	size_t left = PASSWD_MAX;
	ssize_t got;

	if (file < 0)
		return 0;
	/* an image may have a device or a pipe there, which would never end */
	if (fstat(file, &status) < 0 || !S_ISREG(status.st_mode))
		left = 0;
	start_line(&line);
	for (; left >= sizeof(buffer) && (got = read(file, buffer, sizeof(buffer))) > 0;
	     left -= (size_t)got) {
		for (ssize_t i = 0; i < got; i++) {
			if (buffer[i] != '\n') {
				take(&line, buffer[i]);
				continue;
			}
			if (finish(m, &line, arg_u32(m, 0)))
				goto done;
			start_line(&line);
		}
	}
	(void)finish(m, &line, arg_u32(m, 0));
done:
	close(file);
	return 0;
}
