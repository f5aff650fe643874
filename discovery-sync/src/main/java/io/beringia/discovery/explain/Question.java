package io.beringia.discovery.explain;

import java.util.OptionalInt;

/**
 * What an operator asks.
 *
 * @param client of our cluster: {@code namespace/pod}, the beginning of one, a uid or an address
 * @param service {@code namespace/name}, a hostname, or {@code namespace/hostname}
 * @param port of the service; empty for its first
 */
public record Question(String client, String service, OptionalInt port) {}
