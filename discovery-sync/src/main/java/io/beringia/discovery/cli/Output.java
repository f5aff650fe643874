package io.beringia.discovery.cli;

/** How a command answers; named as it is typed. */
enum Output {
    table,
    json
}
