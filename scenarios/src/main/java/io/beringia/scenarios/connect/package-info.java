/**
 * A conformance suite for CONNECT over HTTP/2: cases as data, and a client of bare frames that plays them. It shares no
 * code with the gateway, so that neither forgives what the other gets wrong.
 */
@NullMarked
package io.beringia.scenarios.connect;

import org.jspecify.annotations.NullMarked;
