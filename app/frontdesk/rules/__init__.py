"""Pure rules of the front desk: the words and figures of calls, shifts and visits."""
