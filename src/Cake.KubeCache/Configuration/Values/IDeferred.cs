namespace Cake.KubeCache.Configuration.Values;

/// <summary>A leaf of a value whose content is only known when it is read: a template, or a vaulted text.</summary>
internal interface IDeferred;
