/** What a hostile peer does to a gateway, what it costs, and what its neighbours notice. */
@NullMarked
package io.beringia.scenarios.attack;

import org.jspecify.annotations.NullMarked;
