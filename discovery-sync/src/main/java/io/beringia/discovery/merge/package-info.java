/** Many clusters' exports to one view, and that view to what one client may see. Pure but for the one owner of the view. */
@NullMarked
package io.beringia.discovery.merge;

import org.jspecify.annotations.NullMarked;
