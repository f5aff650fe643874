@NullMarked
package io.beringia.discovery.dns;

import org.jspecify.annotations.NullMarked;
