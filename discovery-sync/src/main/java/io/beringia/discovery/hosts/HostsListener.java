package io.beringia.discovery.hosts;

import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.xds.HostClaim;

/** Hears what becomes of hosts, on the thread {@code hosts}. */
public interface HostsListener {
    /** What is written of an entry. */
    enum Write {
        CLAIM,
        RELEASE,
        /** Of an entry whose replica is gone. */
        ADOPTION,
        HEALTH
    }

    /** So many streams of hosts end here. */
    void onStreams(int open);

    void onWritten(HostClaim host, Write what);

    /** Everybody is told so now. */
    void onTold(HostClaim host, HostReport report);

    void onNotWritten(HostClaim host, Write what, String why);

    /** What it says is not written. */
    void onRefused(HostClaim host, HostRefusal why, String detail);

    /** Our own API does not answer; it is tried again. */
    void onSilent(String why);

    void onBug(RuntimeException bug);
}
