/* The least that any proxy must do: accept on argv[1], connect to argv[2] (ports of ::1), copy both ways. One thread. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 64 * 1024, EVENTS = 256 };

/* One side: what was read from it and its peer has not taken yet. */
struct side {
    int fd, ended;
    size_t from, to;
    struct side *peer, *next;
    char *bytes;
};

static int poller;
static struct side *dead;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(struct side *side, int how) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = side};
    if (epoll_ctl(poller, how, side->fd, &event) < 0) fail("epoll_ctl");
}

static struct sockaddr_in6 loopback(const char *port) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    address.sin6_port = htons((unsigned short) atoi(port));
    return address;
}

static struct side *side_of(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct side *side = calloc(1, sizeof *side);
    if (!side || !(side->bytes = malloc(ROOM))) fail("malloc");
    side->fd = fd;
    return side;
}

static void bury(struct side *side) {
    if (side->fd >= 0) {
        close(side->fd);
        side->fd = -1;
        side->next = dead;
        dead = side;
    }
}

/* Freed only when no event of this turn can name them any more. */
static void free_dead(void) {
    while (dead) {
        struct side *side = dead;
        dead = side->next;
        free(side->bytes);
        free(side);
    }
}

/* 1: go on; 0: wait; -1: over. */
static int step(struct side *in, struct side *out) {
    if (in->from == in->to && !in->ended) {
        ssize_t got = read(in->fd, in->bytes, ROOM);
        if (got < 0) return errno == EAGAIN ? 0 : -1;
        in->from = 0;
        in->to = (size_t) got;
        if (got == 0) {
            in->ended = 1;
            shutdown(out->fd, SHUT_WR);
        }
    }
    while (in->from < in->to) {
        ssize_t put = write(out->fd, in->bytes + in->from, in->to - in->from);
        if (put < 0) return errno == EAGAIN || errno == ENOTCONN ? 0 : -1;
        in->from += (size_t) put;
    }
    return !in->ended;
}

static void copy(struct side *in, struct side *out) {
    int going;
    while (in->fd >= 0 && (going = step(in, out)) != 0) {
        if (going < 0) break;
    }
    if (in->fd >= 0 && (going < 0 || (in->ended && out->ended && out->from == out->to))) {
        bury(in);
        bury(out);
    }
}

static void accept_all(int listener, const struct sockaddr_in6 *target) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        int up = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (up < 0) fail("socket");
        if (connect(up, (const struct sockaddr *) target, sizeof *target) < 0 && errno != EINPROGRESS) fail("connect");
        struct side *client = side_of(fd), *backend = side_of(up);
        client->peer = backend;
        backend->peer = client;
        watch(client, EPOLL_CTL_ADD);
        watch(backend, EPOLL_CTL_ADD);
    }
}

int main(int count, char **words) {
    if (count != 3) {
        fprintf(stderr, "copy: two ports expected\n");
        return 2;
    }
    struct sockaddr_in6 own = loopback(words[1]), target = loopback(words[2]);
    struct side listener = {.fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0)};
    int on = 1;
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener.fd, (struct sockaddr *) &own, sizeof own) < 0 || listen(listener.fd, 4096) < 0) fail("listen");
    if ((poller = epoll_create1(0)) < 0) fail("epoll");
    watch(&listener, EPOLL_CTL_ADD);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct side *side = events[i].data.ptr;
            if (side == &listener) {
                accept_all(listener.fd, &target);
            } else if (side->fd >= 0) {
                copy(side, side->peer);
                if (side->fd >= 0) copy(side->peer, side);
            }
        }
        free_dead();
    }
}
