"""Balance residuals as series of their own [kWh]: hours, days and months of what a balance leaves over."""
