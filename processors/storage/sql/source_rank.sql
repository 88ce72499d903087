-- Say how much a source counts where several know the same.
update source set rank = %(rank)s where name = %(name)s and rank <> %(rank)s
