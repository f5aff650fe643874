@NullMarked
package io.beringia.discovery.mcs;

import org.jspecify.annotations.NullMarked;
