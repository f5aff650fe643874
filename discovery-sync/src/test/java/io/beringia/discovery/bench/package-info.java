@NullMarked
package io.beringia.discovery.bench;

import org.jspecify.annotations.NullMarked;
