package io.beringia.discovery.catalog;

/** Whether something may be given new connections. */
public enum Health {
    HEALTHY,
    UNHEALTHY
}
