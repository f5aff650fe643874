/** What our site has seen: its observers, its peers' control planes, its endpoints and its proxies. */
@NullMarked
package io.beringia.discovery.evidence;

import org.jspecify.annotations.NullMarked;
