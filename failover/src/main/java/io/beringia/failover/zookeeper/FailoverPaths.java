package io.beringia.failover.zookeeper;

/** Where failover keeps what in ZooKeeper: a fence, a latch, a lease, a plan. */
record FailoverPaths(String mesh) {
    FailoverPaths {
        if (!mesh.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("mesh: \"" + mesh + "\" (expected: an RFC 1123 label)");
        }
    }

    /** Its data is the generation, its version the low half of the epoch: a persistent node never counts back. */
    String epoch() {
        return base() + "/epoch";
    }

    String latch() {
        return base() + "/leader";
    }

    String lease() {
        return base() + "/lease";
    }

    String plan() {
        return base() + "/plan";
    }

    private String base() {
        return "/beringia/" + mesh + "/failover";
    }
}
