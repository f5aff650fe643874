package io.beringia.scenarios.attack;

import io.beringia.scenarios.bench.Lab;

/**
 * What an inquiry may use: the gateway that is under attack, and the lab in which it may start one of its own. Owned by the
 * pack's thread.
 */
record Stand(Site site, GatewayFigures figures, Neighbours neighbours, Echo echo, Lab lab) {}
