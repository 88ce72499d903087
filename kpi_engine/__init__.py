"""Series to indicators: the third stage of the data flow."""
