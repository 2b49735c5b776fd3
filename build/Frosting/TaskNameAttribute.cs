namespace Cake.Frosting;

/// <summary>The name that a task is called by; without it, the name of its class.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TaskNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
