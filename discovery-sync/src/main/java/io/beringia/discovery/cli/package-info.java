/** Commands about what is where: each asks what runs, none of them changes anything. */
@NullMarked
package io.beringia.discovery.cli;

import org.jspecify.annotations.NullMarked;
