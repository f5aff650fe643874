package io.beringia.trust.workload;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;

/**
 * Whose process is at the other end of a unix socket, by the kernel's word (SO_PEERCRED, unix(7)): as it was when it
 * connected, whatever it says itself.
 */
record UnixPeer(UserPrincipal user, GroupPrincipal group) {
    @Override
    public String toString() {
        return "unix:user:" + user.getName() + " unix:group:" + group.getName();
    }
}
