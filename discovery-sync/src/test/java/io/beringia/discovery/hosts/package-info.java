@NullMarked
package io.beringia.discovery.hosts;

import org.jspecify.annotations.NullMarked;
