"""How large a YAML document is with everything that its aliases repeat, counted without repeating it."""

import yaml


def expanded(root: yaml.Node, most: int) -> int:
    """Return how many values ``root`` stands for, or more than ``most`` as soon as it is more.

    Each node is looked at once, so a few lines that stand for millions are counted as fast as they are read. Raises
    MarkedYAMLError where a node contains itself.
    """
    sizes: dict[int, int] = {}
    inside: set[int] = set()

    def size(node: yaml.Node) -> int:
        if isinstance(node, yaml.ScalarNode):
            return 1
        key = id(node)
        if key in inside:
            raise yaml.MarkedYAMLError(problem="an alias stands for what it is in", problem_mark=node.start_mark)
        if key not in sizes:
            inside.add(key)
            total = 1
            for child in node.value:
                total += size(child) if isinstance(node, yaml.SequenceNode) else size(child[1])
                if total > most:
                    break
            inside.remove(key)
            sizes[key] = total
        return sizes[key]

    return size(root)
