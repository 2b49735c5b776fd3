namespace Cake.KubeCache.Configuration.Values;

/// <summary>Containers that belong to variables are read by many; whoever changes one gets a copy, as Ansible templates each reading anew.</summary>
internal static class Sharing
{
    /// <summary>Marks a value, and what is in it, as belonging to a variable.</summary>
    public static void Mark(object? value)
    {
        switch (value)
        {
            case Sequence { IsShared: false } sequence:
                sequence.IsShared = true;
                foreach (var item in sequence)
                {
                    Mark(item);
                }

                break;
            case Mapping { IsShared: false } mapping:
                mapping.IsShared = true;
                foreach (var (_, item) in mapping)
                {
                    Mark(item);
                }

                break;
        }
    }

    /// <summary>A copy of a container that belongs to a variable; any other value itself.</summary>
    public static object? Own(object? value) => value switch
    {
        Sequence { IsShared: true } sequence => new Sequence(sequence, sequence.IsTuple),
        Mapping { IsShared: true } mapping => new Mapping(mapping),
        _ => value,
    };
}
