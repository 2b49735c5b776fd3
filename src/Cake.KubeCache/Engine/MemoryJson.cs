using System.Text.Json.Serialization;
using Cake.KubeCache.Engine.Kubeadm;

namespace Cake.KubeCache.Engine;

/// <summary>How memories are read and written: by code that is compiled ahead of time, because every run begins with it.</summary>
[JsonSerializable(typeof(NodeDocument))]
[JsonSerializable(typeof(KubeadmAnswer))]
[JsonSerializable(typeof(Dictionary<string, DownloadedEntry>))]
internal sealed partial class MemoryJson : JsonSerializerContext;
